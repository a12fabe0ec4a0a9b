@NullMarked
package bitween.model;

import org.jspecify.annotations.NullMarked;
