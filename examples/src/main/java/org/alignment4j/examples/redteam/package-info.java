/** The bundled pocket model under attack: searches, suites and what stands beside them. */
@NullMarked
package org.alignment4j.examples.redteam;

import org.jspecify.annotations.NullMarked;
