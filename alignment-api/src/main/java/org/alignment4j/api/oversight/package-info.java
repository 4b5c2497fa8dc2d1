/**
 * Overseeing models: protocols, agents, judges, transcripts, budgets, and studies of their benefit.
 */
@NullMarked
package org.alignment4j.api.oversight;

import org.jspecify.annotations.NullMarked;
