/**
 * What bitween says in XML: one element and its provider each.
 *
 * <p><b>Thread:</b> values; the providers run on Smack's reader thread and only parse.
 *
 * <p><b>Why it is so:</b> in Smack 4.4.8 a provider that throws can end the connection, and whoever knows our address can send us anything. So a provider
 * here reads its element to the end whatever is in it, throws for broken XML only, and hands on an element that says why it was refused.
 */
@NullMarked
package bitween.xmpp.stanza;

import org.jspecify.annotations.NullMarked;
