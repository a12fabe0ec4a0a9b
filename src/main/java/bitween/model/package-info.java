/**
 * Values that everybody knows. They are records that cannot be wrong, and know nothing of threads, files or libraries. Beside them stands {@link
 * bitween.model.BytePipe}, by which rooms that must not know each other hand streams on.
 */
@NullMarked
package bitween.model;

import org.jspecify.annotations.NullMarked;
