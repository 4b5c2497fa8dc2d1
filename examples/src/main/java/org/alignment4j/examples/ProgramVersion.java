package org.alignment4j.examples;

import picocli.CommandLine.IVersionProvider;

/** The version that programs print: that of the jar, where there is one. */
final class ProgramVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return new String[] {"Alignment4J " + (version == null ? "from sources" : version)};
  }
}
