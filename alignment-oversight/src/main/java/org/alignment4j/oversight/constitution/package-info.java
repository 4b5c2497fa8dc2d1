/**
 * Constitutional AI: principles as data, answers that are criticised and revised by them, and
 * preferences that a model states by them (Bai et al. 2022; Lee et al. 2023).
 */
@NullMarked
package org.alignment4j.oversight.constitution;

import org.jspecify.annotations.NullMarked;
