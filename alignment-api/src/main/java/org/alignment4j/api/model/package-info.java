/**
 * Language models and what goes in and out of them: prompts, completions, likelihoods, gradients,
 * tokenizers.
 */
@NullMarked
package org.alignment4j.api.model;

import org.jspecify.annotations.NullMarked;
