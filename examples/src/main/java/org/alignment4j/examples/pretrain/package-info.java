/** How the pocket model is made: its corpus as batches, its recipe, its measured abilities. */
@NullMarked
package org.alignment4j.examples.pretrain;

import org.jspecify.annotations.NullMarked;
