package org.alignment4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The shape of packages. */
@AnalyzeClasses(packages = "org.alignment4j", importOptions = DoNotIncludeTests.class)
final class PackageRulesTest {
  @ArchTest
  static final ArchRule packagesAreNamedAfterTheirSubject =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..", "..utils..", "..impl..", "..common..", "..helper..", "..misc..")
          .because("a name that fits anything collects everything");

  @ArchTest
  static final ArchRule noCycles =
      slices()
          .matching("org.alignment4j.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other are one package in disguise");

  /** Null is an error unless a type says otherwise. */
  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    List<String> unmarked =
        classes.getPackage("org.alignment4j").getSubpackagesInTree().stream()
            .filter(p -> !p.getClasses().isEmpty())
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .sorted()
            .toList();
    assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
  }
}
