package bitween.link;

import bitween.model.Device;
import bitween.model.Fingerprint;
import java.util.Optional;

/** Whose keys may have links with us, at this moment. Thread: any; never blocks. */
interface TrustedDevices {
    /** The contact's or own device that has this key, if it is trusted. */
    Optional<Device> of(Fingerprint key);

    default boolean trusts(Device device) {
        return of(new Fingerprint(device.id().value())).filter(device::equals).isPresent();
    }
}
