@NullMarked
package bitween.xmpp;

import org.jspecify.annotations.NullMarked;
