package bitween.control;

import bitween.control.OriginalTorrents.OriginalTorrent;
import bitween.model.InfoHash;
import bitween.model.Magnet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What other programs kept, for a client that shares and gets it here. */
final class ImportMethods {
    private final OriginalTorrents originals;

    ImportMethods(OriginalTorrents originals) {
        this.originals = originals;
    }

    void addTo(Methods methods) {
        methods.add(
                "import.read",
                "what the first bitween kept in the database 'path': name, place, and whether it is there; changes nothing, share.add and job.get take it over",
                List.of("path"),
                params -> new View()
                        .with(
                                "torrents",
                                originals.read(ShareMethods.absolute(params.text("path"))).stream()
                                        .map(ImportMethods::view)
                                        .toList()));
    }

    private static View view(OriginalTorrent torrent) {
        return new View()
                .with("hash", torrent.hash())
                .with("magnet", magnet(torrent.hash(), torrent.name()))
                .with("name", torrent.name())
                .with("place", torrent.place())
                .with("state", torrent.state())
                .with("problem", torrent.problem());
    }

    /** Made anew: what else stood in the old link is not passed on. */
    private static @Nullable String magnet(@Nullable InfoHash hash, @Nullable String name) {
        return hash == null ? null : new Magnet(hash, name).toString();
    }
}
