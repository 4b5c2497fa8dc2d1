/** Copies of the pocket model that answer questions of fact, alone and after reading each other. */
@NullMarked
package org.alignment4j.examples.discuss;

import org.jspecify.annotations.NullMarked;
