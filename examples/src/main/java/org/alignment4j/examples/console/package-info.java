/** What programs print while they work. */
@NullMarked
package org.alignment4j.examples.console;

import org.jspecify.annotations.NullMarked;
