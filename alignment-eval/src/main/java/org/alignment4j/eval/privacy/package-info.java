/**
 * What a model gives away of the texts it learned: membership inference, exposure of secrets, and
 * their extraction, on targets one is authorised to test.
 */
@NullMarked
package org.alignment4j.eval.privacy;

import org.jspecify.annotations.NullMarked;
