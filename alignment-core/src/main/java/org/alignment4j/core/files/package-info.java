/**
 * Files that survive a crash: whole-file replacement, append-only JSON lines, one owner of each.
 */
@NullMarked
package org.alignment4j.core.files;

import org.jspecify.annotations.NullMarked;
