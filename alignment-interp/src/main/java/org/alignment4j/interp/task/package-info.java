/**
 * Behaviours whose circuits the literature knows, as contrast pairs for any tokenizer: indirect
 * object identification and greater-than.
 */
@NullMarked
package org.alignment4j.interp.task;

import org.jspecify.annotations.NullMarked;
