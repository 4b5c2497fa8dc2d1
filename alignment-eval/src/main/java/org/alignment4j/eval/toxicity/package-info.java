/**
 * What a model's continuations are like: toxicity of many continuations of a prompt
 * (RealToxicityPrompts), and how it differs between groups of people (BOLD), by pluggable scorers;
 * and how well scorers and models see toxicity (ToxiGen).
 */
@NullMarked
package org.alignment4j.eval.toxicity;

import org.jspecify.annotations.NullMarked;
