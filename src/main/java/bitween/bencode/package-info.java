/**
 * Bencode (BEP 3) as the rest of the program trusts it: strict, with a limit on everything, dictionaries with sorted
 * unique keys. What is read here and written again is the same bytes.
 *
 * <p><b>Thread:</b> any; a reader or writer belongs to one.
 *
 * <p><b>Why it is so:</b> names cross libtorrent's bindings as modified UTF-8, which breaks emoji, and its parser sees
 * hostile bytes in C++; so every info dictionary is written and read here. A cursor and no tree of values: the info
 * dictionary of 200,000 files would be millions of objects.
 */
@NullMarked
package bitween.bencode;

import org.jspecify.annotations.NullMarked;
