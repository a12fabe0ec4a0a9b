package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;

/**
 * What a BitTorrent connection to a friend's device is about.
 *
 * @param hash as our libtorrent knows it
 * @param theirs as the device knows it: another one where it has a copy of its own
 * @param serving whether the friend's device dialled
 */
record Subject(Device device, InfoHash hash, InfoHash theirs, boolean serving) {
    /** What they ask us for has one name. */
    static Subject served(Device device, InfoHash hash) {
        return new Subject(device, hash, hash, true);
    }

    @Override
    public String toString() {
        return device + " " + hash + (theirs.equals(hash) ? "" : ", there " + theirs);
    }
}
