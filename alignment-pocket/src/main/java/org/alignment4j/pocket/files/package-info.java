/** Files that appear whole or not at all. */
@NullMarked
package org.alignment4j.pocket.files;

import org.jspecify.annotations.NullMarked;
