package bitween.message;

import bitween.bus.Request;
import bitween.model.Device;

/** What the user says of devices' keys. Fails with a {@link bitween.model.UserException}. */
public sealed interface TrustRequest<R> extends Request<R> {
    /** Lets a device have links with us: a contact's, or another one of our own account, which friends are told of. Answered with the device. */
    record TrustDevice(Device device) implements TrustRequest<Device> {}
}
