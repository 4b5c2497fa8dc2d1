/** The bundled pocket model, the world it was trained on, and that world's judgement as rewards. */
@NullMarked
package org.alignment4j.examples.world;

import org.jspecify.annotations.NullMarked;
