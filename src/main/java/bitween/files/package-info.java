/**
 * Files that nobody else may see: the one place that makes them private and checks that they still are.
 *
 * <p><b>Thread:</b> any.
 *
 * <p><b>Why it is so:</b> the store, the config, the control socket and the native library all rest on folders of mode 0700, so none of them may have
 * its own idea of what that means; it lies on the ground because they stand side by side. The user is asked of the kernel (the uid), not of {@code user.name}.
 */
@NullMarked
package bitween.files;

import org.jspecify.annotations.NullMarked;
