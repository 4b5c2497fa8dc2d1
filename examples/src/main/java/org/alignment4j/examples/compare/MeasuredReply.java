package org.alignment4j.examples.compare;

import org.alignment4j.examples.align.JudgedReply;

/**
 * A reply to a held-out prompt and what was measured of it.
 *
 * @param message the user's message
 * @param kind what kind of item it is
 * @param source what the item shares with others; items of one source do not count as independent
 * @param text the reply
 * @param good whether the world's judge finds it as it should be
 * @param proxy its reward by the reward model
 * @param divergence how much likelier it is than under the model the method started from, in nats;
 *     NaN where that is not known
 * @param tokens its length
 * @param surprise minus the log-probability of its tokens under the base model, in nats
 */
record MeasuredReply(
    String message,
    JudgedReply.Kind kind,
    String source,
    String text,
    boolean good,
    double proxy,
    double divergence,
    int tokens,
    double surprise) {}
