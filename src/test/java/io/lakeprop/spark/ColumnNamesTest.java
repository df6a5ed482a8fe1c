package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.UselessColumns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Names in two Unicode spellings are one name; names that only look alike are told apart. */
final class ColumnNamesTest {
  private static final String COMPOSED = "\u00e9tat";
  private static final String DECOMPOSED = "e\u0301tat";

  @Test
  void eitherSpellingFindsTheColumn() {
    assertEquals(COMPOSED, find(COMPOSED, COMPOSED, "x"));
    assertEquals(DECOMPOSED, find(COMPOSED, DECOMPOSED, "x"));
    assertEquals(COMPOSED, find(DECOMPOSED, COMPOSED, "x"));
    // The exact name goes first.
    assertEquals(DECOMPOSED, find(DECOMPOSED, COMPOSED, DECOMPOSED));
    assertEquals(COMPOSED, find(COMPOSED, COMPOSED, DECOMPOSED));
    // Hangul syllables, and an angstrom sign for a letter.
    assertEquals("\u1112\u1161\u11ab", find("\ud55c", "\u1112\u1161\u11ab"));
    assertEquals("\u00c5", find("\u212b", "\u00c5"));
  }

  @Test
  void twoThatFitAreToldApart() {
    assertEquals(
        "table t must have one column that reads \"\u212b\" (U+212B), however: it has U+00C5,"
            + " U+0041 U+030A",
        refusal("\u212b", "\u00c5", "A\u030a"));
  }

  /** Letters of other scripts, other case and compatibility forms are other names. */
  @Test
  void whatOnlyLooksAlikeIsAnotherName() {
    Map<String, String> meant =
        Map.of(
            "et\u0430t", ", U+0065 U+0074 U+0430 U+0074",
            "Etat", "",
            "\ufb01n", ", U+FB01 U+006E",
            "etat ", "");
    meant.forEach(
        (other, points) -> {
          String wanted = other.startsWith("\ufb01") ? "fin" : "etat";
          assertEquals(
              "table t must have the column \"%s\", however: it has [%s] (did you mean \"%s\"%s?%s)"
                  .formatted(
                      wanted,
                      other,
                      other,
                      points,
                      other.endsWith(" ")
                          ? " options: {ignoreLeadingWhiteSpace: true} and options:"
                              + " {ignoreTrailingWhiteSpace: true} read CSV without blanks around"
                              + " names and cells that have no quotes"
                          : ""),
              refusal(wanted, other));
        });
  }

  /** In every place where a job names a column. */
  @Test
  void aJobMaySpellAllItsColumnsOtherwise() {
    StructType schema =
        StructType.fromDDL(
            "`%s` DOUBLE, `a%s` DOUBLE, `l%s` STRING, `w%s` DOUBLE, `o%s` DOUBLE, `x%s` INT"
                .replace("%s", DECOMPOSED));
    FeatureSettings all = TestTables.features();
    FeatureSettings settings =
        new FeatureSettings(
            List.of(),
            List.of("a" + COMPOSED),
            all.numeric(),
            all.vector(),
            all.categorical(),
            Map.of("x" + COMPOSED, new FeatureSpec.Categorical("x" + COMPOSED, 1, 10, 10, 0)),
            UselessColumns.Treatment.DROP);
    LabelSettings.Label label =
        new LabelSettings.Label(
            "l" + COMPOSED,
            LabelSettings.Task.AUTO,
            LabelEncoder.Range.ANY,
            Optional.of("o" + COMPOSED),
            LabelSettings.Missing.REFUSE,
            LabelSettings.RareClasses.REFUSED,
            Optional.empty());
    LabelSettings labels = new LabelSettings(List.of(label), Optional.of("w" + COMPOSED));
    List<FeatureSpec> specs = Columns.resolve(schema, settings, labels, "t").specs();
    assertEquals(
        List.of(DECOMPOSED, "x" + COMPOSED), specs.stream().map(FeatureSpec::name).toList());
    assertEquals(
        "[yes,1.5,2.5,7]",
        Columns.canonical(
                TestSpark.session()
                    .createDataFrame(
                        List.of(RowFactory.create(1.5, 9.0, "yes", 3.0, 4.0, 7)), schema),
                specs,
                labels,
                List.of(false),
                TableMeaning.UNKNOWN::missingIn,
                "t")
            .selectExpr("label0", "f0", "f0 + weight - 2", "f1")
            .first()
            .toString());
  }

  /** Names are looked up as Spark compares them, letter by letter. */
  @Test
  void whatIsLookedUpIsWhatIsTheSame() {
    for (int c = 0; c <= 0x1FFFF; c++) {
      String one = "a" + Character.toString(c);
      int[] others = {
        Character.toUpperCase(c),
        Character.toLowerCase(c),
        Character.toTitleCase(c),
        Character.toLowerCase(Character.toUpperCase(c)),
        c + 1,
        c + 32
      };
      for (int other : others) {
        String two = "A" + Character.toString(other);
        assertEquals(
            one.equalsIgnoreCase(two),
            ColumnNames.folded(one).equals(ColumnNames.folded(two)),
            () -> one + " and " + two);
      }
    }
  }

  private static String find(String name, String... columns) {
    StructType schema = new StructType();
    for (String column : columns) {
      schema = schema.add(column, "int");
    }
    return Columns.field(schema, name, "t").name();
  }

  private static String refusal(String name, String... columns) {
    return assertThrows(InvalidInput.class, () -> find(name, columns)).getMessage();
  }
}
