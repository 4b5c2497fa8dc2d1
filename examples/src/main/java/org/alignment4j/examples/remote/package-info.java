/** Debates over a model behind an OpenAI-compatible endpoint. */
@NullMarked
package org.alignment4j.examples.remote;

import org.jspecify.annotations.NullMarked;
