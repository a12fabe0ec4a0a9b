package bitween.testing;

import bitween.bencode.BencodeFuzz;
import bitween.catalogue.ListFuzz;
import bitween.config.ConfigFuzz;
import bitween.control.ControlFuzz;
import bitween.link.FrameFuzz;
import bitween.link.MessagesFuzz;
import bitween.link.mapping.RouterFuzz;
import bitween.model.LinkTextFuzz;
import bitween.torrent.format.MetadataFuzz;
import bitween.xmpp.stanza.StanzaFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * What reads bytes that strangers, friends, routers or people write. Each takes any bytes and fails when they bring about anything but what the reader says that it
 * throws. Jazzer calls {@code fuzzerTestOneInput} of the class, {@code FuzzTargetsTest} the seeds and what was found.
 *
 * @param name as {@code scripts/fuzz} calls it
 * @param seeds what the reader understands, or just does not
 */
public record FuzzTarget(String name, Class<?> entry, Supplier<List<byte[]>> seeds, Reader reader) {
    /** Each of them. */
    public static final List<FuzzTarget> ALL = List.of(
            new FuzzTarget("bencode", BencodeFuzz.class, BencodeFuzz::seeds, BencodeFuzz::fuzzerTestOneInput),
            new FuzzTarget("metadata", MetadataFuzz.class, MetadataFuzz::seeds, MetadataFuzz::fuzzerTestOneInput),
            new FuzzTarget("list", ListFuzz.class, ListFuzz::seeds, ListFuzz::fuzzerTestOneInput),
            new FuzzTarget("frame", FrameFuzz.class, FrameFuzz::seeds, FrameFuzz::fuzzerTestOneInput),
            new FuzzTarget("messages", MessagesFuzz.class, MessagesFuzz::seeds, MessagesFuzz::fuzzerTestOneInput),
            new FuzzTarget("stanza", StanzaFuzz.class, StanzaFuzz::seeds, StanzaFuzz::fuzzerTestOneInput),
            new FuzzTarget("router", RouterFuzz.class, RouterFuzz::seeds, RouterFuzz::fuzzerTestOneInput),
            new FuzzTarget("control", ControlFuzz.class, ControlFuzz::seeds, ControlFuzz::fuzzerTestOneInput),
            new FuzzTarget("config", ConfigFuzz.class, ConfigFuzz::seeds, ConfigFuzz::fuzzerTestOneInput),
            new FuzzTarget("link-text", LinkTextFuzz.class, LinkTextFuzz::seeds, LinkTextFuzz::fuzzerTestOneInput));

    /** Reads one input. */
    public interface Reader {
        void read(byte[] input) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * Writes the seeds for the fuzzer, and prints a line "name class" for each target.
     *
     * @param args the folder, in which each target gets one
     */
    public static void main(String[] args) throws IOException {
        for (FuzzTarget target : ALL) {
            Path folder = Files.createDirectories(Path.of(args[0], target.name));
            List<byte[]> seeds = target.seeds.get();
            for (int i = 0; i < seeds.size(); i++) {
                Files.write(folder.resolve("seed-" + i), seeds.get(i));
            }
            System.out.println(target.name + " " + target.entry.getName());
        }
    }
}
