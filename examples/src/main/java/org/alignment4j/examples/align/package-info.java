/** The main job: a base model, a fine-tuned and a preference-trained one, measured side by side. */
@NullMarked
package org.alignment4j.examples.align;

import org.jspecify.annotations.NullMarked;
