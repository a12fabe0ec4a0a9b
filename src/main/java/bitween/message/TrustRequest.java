package bitween.message;

import bitween.bus.Request;
import bitween.model.Device;

/** What the user says of devices' keys. Fails with a {@link bitween.model.UserException}. */
public sealed interface TrustRequest<R> extends Request<R> {
    /** Lets a device have links with us: a contact's, or another one of our own account, which friends are told of. Answered with the device. */
    record TrustDevice(Device device) implements TrustRequest<Device> {}

    /**
     * Lets a device have links with us no longer, until {@link TrustDevice}: they end, what it shared is forgotten, and nobody else's word for it counts. It need not have
     * been seen. Answered with the device.
     */
    record RevokeTrust(Device device) implements TrustRequest<Device> {}
}
