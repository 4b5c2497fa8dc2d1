/**
 * MLPs as memories of keys and values after Geva et al. 2021 and 2022: what triggers a key, what
 * its value promotes, and what a corpus does to neurons.
 */
@NullMarked
package org.alignment4j.interp.memory;

import org.jspecify.annotations.NullMarked;
