/**
 * Values that everybody knows. They are records that cannot be wrong, and know nothing of threads, files or libraries.
 */
@NullMarked
package bitween.model;

import org.jspecify.annotations.NullMarked;
