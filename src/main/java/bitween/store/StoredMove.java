package bitween.store;

import bitween.model.TransferId;
import java.nio.file.Path;

/**
 * Something that is being moved.
 *
 * @param switched whether the transfer is at its goal already, and only what is left at the origin is to go
 */
public record StoredMove(TransferId id, Path origin, Path goal, boolean switched) {}
