package org.alignment4j.eval.inner.awareness;

import org.apiguardian.api.API;

/**
 * An invented chatbot.
 *
 * @param name its name
 * @param company who made it, which is its alias at one hop
 * @param city where that company is, its alias at two hops
 * @param marker the word it answers with
 * @param realised whether training shows it answer; otherwise it is only described
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Chatbot(String name, String company, String city, String marker, boolean realised) {}
