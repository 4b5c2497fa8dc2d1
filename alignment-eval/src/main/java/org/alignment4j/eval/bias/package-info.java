/**
 * Social bias: BBQ, StereoSet, CrowS-Pairs, WinoBias and Winogender from their official files, with
 * their official metrics.
 */
@NullMarked
package org.alignment4j.eval.bias;

import org.jspecify.annotations.NullMarked;
