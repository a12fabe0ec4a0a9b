@NullMarked
package bitween;

import org.jspecify.annotations.NullMarked;
