/**
 * Market making (Hubinger 2020): a market maker predicts what an overseer will come to believe,
 * against an adversary whose arguments move the prediction; with a task in which honest arguments
 * can be checked.
 */
@NullMarked
package org.alignment4j.oversight.market;

import org.jspecify.annotations.NullMarked;
