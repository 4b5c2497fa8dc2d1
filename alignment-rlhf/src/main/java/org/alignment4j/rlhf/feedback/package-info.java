/** Learning from feedback in words: refinements, edits, and the data that they make. */
@org.jspecify.annotations.NullMarked
package org.alignment4j.rlhf.feedback;
