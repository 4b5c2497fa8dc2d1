/** Readable and editable values inside a forward pass. */
@NullMarked
package org.alignment4j.runtime.hook;

import org.jspecify.annotations.NullMarked;
