package org.alignment4j.examples.evaluate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Where the results of an evaluation go besides its run folder.
 *
 * @param console takes progress and figures
 * @param archive folder of archived evaluations
 * @param label what it is filed under there; empty for not at all
 * @param clock tells when it was made
 */
public record EvaluationOutput(PrintWriter console, Path archive, String label, Clock clock) {}
