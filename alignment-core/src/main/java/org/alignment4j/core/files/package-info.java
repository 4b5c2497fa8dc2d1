/** Files that survive a crash: whole-file replacement and append-only JSON lines. */
@NullMarked
package org.alignment4j.core.files;

import org.jspecify.annotations.NullMarked;
