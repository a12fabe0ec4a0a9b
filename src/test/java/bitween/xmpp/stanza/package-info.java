@NullMarked
package bitween.xmpp.stanza;

import org.jspecify.annotations.NullMarked;
