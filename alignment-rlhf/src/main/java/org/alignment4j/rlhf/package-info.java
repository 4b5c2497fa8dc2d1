/**
 * Training from feedback: supervised fine-tuning and preference losses over the runtime's decoder
 * models.
 */
@NullMarked
package org.alignment4j.rlhf;

import org.jspecify.annotations.NullMarked;
