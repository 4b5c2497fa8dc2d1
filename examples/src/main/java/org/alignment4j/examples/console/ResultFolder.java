package org.alignment4j.examples.console;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.report.Report;

/**
 * Where a job leaves what it found: {@code table.txt} and {@code report.html} in its run folder.
 *
 * @param run the run folder
 * @param out is shown the table too
 */
public record ResultFolder(Path run, PrintStream out) {

  /**
   * Prints the table, writes both files and says where they are.
   *
   * @param table as text
   * @param report the page
   * @param contents what the run folder holds, such as {@code report and table}
   */
  public void write(String table, Report report, String contents) {
    out.println();
    out.println(table);
    AtomicFiles.write(run.resolve("table.txt"), table);
    report.write(run.resolve("report.html"));
    out.printf(Locale.ROOT, "%s are in %s%n", contents, run);
  }
}
