/**
 * Models whose alignment happens while they answer: the best of several samples, and samples led
 * away from what a model itself finds undesired.
 */
@NullMarked
package org.alignment4j.rlhf.decoding;

import org.jspecify.annotations.NullMarked;
