import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.util.DriverInfo;
import org.postgresql.util.PGobject;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What pgjdbc makes of a workspace and of our types; prints TAP. test/client_jdbc.t runs it on the shop of shop.sql. */
public class ReadShop {
	private static final Map<String, Class<?>> NATURAL =
			Map.of("int4", Integer.class, "int8", Long.class, "numeric", BigDecimal.class, "float8", Double.class,
					"text", String.class, "bool", Boolean.class, "date", LocalDate.class, "timestamptz",
					OffsetDateTime.class);
	private static final Set<Integer> OPAQUE = Set.of(Types.OTHER, Types.DISTINCT, Types.STRUCT, Types.ARRAY);
	private static final BigDecimal TINY = new BigDecimal("1e-9");
	private static int count = 0;

	public static void main(String[] arguments) throws Exception {
		System.out.println("# " + DriverInfo.DRIVER_FULL_NAME);
		for (String mode : List.of("text", "prepared", "binary")) {
			try (Connection connection = connect(mode)) {
				checkViews(connection, mode);
				if (!mode.equals("text"))
					checkPrepared(connection, mode);
				checkSpecimens(connection, mode);
			}
		}
		try (Connection connection = connect("prepared")) {
			checkMetadata(connection);
			checkRegistered(connection);
			checkFailures(connection);
		}
		System.out.println("1.." + count);
	}

	/** Where it may, pgjdbc asks for binary results from the fifth run of a statement on; -1: from the first. */
	private static Connection connect(String mode) throws SQLException {
		Map<String, String> environment = System.getenv();
		Properties properties = new Properties();
		properties.setProperty("user", environment.get("PGUSER"));
		properties.setProperty("socketFactory", "UnixSocketFactory");
		properties.setProperty("socketFactoryArg",
				environment.get("PGHOST") + "/.s.PGSQL." + environment.get("PGPORT"));
		properties.setProperty("sslmode", "disable");
		properties.setProperty("gssEncMode", "disable");
		properties.setProperty("binaryTransfer", String.valueOf(!mode.equals("text")));
		if (mode.equals("binary"))
			properties.setProperty("prepareThreshold", "-1");
		return DriverManager.getConnection("jdbc:postgresql://localhost/" + environment.get("PGDATABASE"), properties);
	}

	/** A line of TAP: passed where there are no problems. */
	private static void ok(String name, List<String> problems) {
		System.out.println((problems.isEmpty() ? "ok " : "not ok ") + ++count + " - " + name);
		for (String problem : problems)
			System.out.println("# " + problem.replace("\n", "\n# "));
	}

	private static void ok(String name, boolean passed, Object... instead) {
		ok(name, passed ? List.of() : List.of(List.of(instead).toString()));
	}

	private static List<List<String>> tell(Connection connection, String query, Object... parameters)
			throws SQLException {
		List<List<String>> rows = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement(query)) {
			for (int i = 0; i < parameters.length; i++)
				statement.setObject(i + 1, parameters[i]);
			ResultSet result = statement.executeQuery();
			while (result.next()) {
				List<String> row = new ArrayList<>();
				for (int i = 1; i <= result.getMetaData().getColumnCount(); i++)
					row.add(result.getString(i));
				rows.add(row);
			}
		}
		return rows;
	}

	private static Set<String> names(Connection connection, String query) throws SQLException {
		Set<String> names = new TreeSet<>();
		for (List<String> row : tell(connection, query))
			names.add(row.get(0));
		return names;
	}

	// --- The views ---

	private static void checkMetadata(Connection connection) throws SQLException {
		Set<String> sqlViews = names(connection, "SELECT view_name FROM told.sql_views");
		Set<String> expected = names(connection, "SELECT view_name FROM told.views");
		expected.addAll(sqlViews);
		Map<String, String> remarks = new TreeMap<>();
		Set<String> opaque = new TreeSet<>();
		Set<String> found = readTables(connection, remarks);
		readColumns(connection, found, remarks, opaque);

		ok("getTables lists every view", found.equals(expected) && !sqlViews.isEmpty(), found, expected);
		ok("the comments of all views and columns are their remarks", remarkProblems(connection, remarks));
		ok("only the views for SQL have columns of types that pgjdbc does not know", sqlViews.containsAll(opaque), opaque);
	}

	private static Set<String> readTables(Connection connection, Map<String, String> remarks) throws SQLException {
		Set<String> found = new TreeSet<>();
		ResultSet tables = connection.getMetaData().getTables(null, "shop", "%", new String[] {"VIEW"});
		while (tables.next()) {
			found.add(tables.getString("TABLE_NAME"));
			remarks.put(tables.getString("TABLE_NAME") + ".", tables.getString("REMARKS"));
		}
		return found;
	}

	private static void readColumns(Connection connection, Set<String> views, Map<String, String> remarks,
			Set<String> opaque) throws SQLException {
		ResultSet columns = connection.getMetaData().getColumns(null, "shop", "%", "%");
		while (columns.next()) {
			String view = columns.getString("TABLE_NAME");
			if (!views.contains(view))
				continue;
			remarks.put(view + "." + columns.getString("COLUMN_NAME"), columns.getString("REMARKS"));
			if (OPAQUE.contains(columns.getInt("DATA_TYPE")))
				opaque.add(view);
		}
	}

	private static List<String> remarkProblems(Connection connection, Map<String, String> remarks)
			throws SQLException {
		List<String> problems = new ArrayList<>();
		for (List<String> told : tell(connection, "SELECT view_name || '.' || column_name, comment FROM told.comments")) {
			String remark = remarks.remove(told.get(0));
			if (remark == null || remark.isEmpty() || !remark.equals(told.get(1)))
				problems.add(told + ": " + remark);
		}
		if (!remarks.isEmpty())
			problems.add("not told: " + remarks);
		return problems;
	}

	private static void checkViews(Connection connection, String mode) throws SQLException {
		for (String view : names(connection, "SELECT view_name FROM told.views")) {
			List<String> problems = new ArrayList<>();
			try {
				Map<String, List<Object>> columns = readView(connection, view);
				problems.addAll(viewProblems(connection, view, columns));
			} catch (SQLException | NumberFormatException error) { // the latter for NaN and infinity
				problems.add(error.toString());
			}
			ok(mode + ": " + view + " has the rows, values and sums that SQL says", problems);
		}
	}

	private static Map<String, List<Object>> readView(Connection connection, String view) throws SQLException {
		Map<String, List<Object>> columns = new TreeMap<>();
		try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM shop." + view)) {
			ResultSet result = statement.executeQuery();
			ResultSetMetaData description = result.getMetaData();
			for (int i = 1; i <= description.getColumnCount(); i++)
				columns.put(description.getColumnName(i), new ArrayList<>());
			while (result.next())
				for (int i = 1; i <= description.getColumnCount(); i++)
					columns.get(description.getColumnName(i)).add(value(result, i, description.getColumnType(i)));
		}
		return columns;
	}

	/** What getObject gives; dates as the newer classes too, whose years are those of the calendar. */
	private static Object value(ResultSet result, int column, int type) throws SQLException {
		Object plain = result.getObject(column);
		switch (type) {
			case Types.DATE:
				return result.getObject(column, LocalDate.class);
			case Types.TIMESTAMP:
				return result.getObject(column, OffsetDateTime.class);
			default:
				return plain;
		}
	}

	private static List<String> viewProblems(Connection connection, String view, Map<String, List<Object>> columns)
			throws SQLException {
		List<String> problems = new ArrayList<>();
		List<List<String>> told = tell(connection,
				"SELECT column_name, type, row_count, value_count, total FROM told.columns WHERE view_name = ?", view);
		if (told.size() != columns.size())
			problems.add("columns " + columns.keySet());
		for (List<String> column : told)
			for (String problem : columnProblems(column, columns.getOrDefault(column.get(0), List.of())))
				problems.add(column + ": " + problem);
		return problems;
	}

	private static List<String> columnProblems(List<String> told, List<Object> values) {
		List<String> problems = new ArrayList<>();
		BigDecimal sum = BigDecimal.ZERO;
		long present = 0;
		for (Object value : values) {
			if (value == null)
				continue;
			present++;
			if (!presentable(value, NATURAL.get(told.get(1))))
				problems.add(value + " is a " + value.getClass());
			else if (value instanceof Number)
				sum = sum.add(new BigDecimal(value.toString()));
		}
		if (values.size() != Long.parseLong(told.get(2)) || present != Long.parseLong(told.get(3)))
			problems.add(present + " values in " + values.size() + " rows");
		if (told.get(4) != null && !sameSum(sum, new BigDecimal(told.get(4)), told.get(1)))
			problems.add("the sum is " + sum);
		return problems;
	}

	private static boolean presentable(Object value, Class<?> natural) {
		if (value.getClass() != natural)
			return false;
		if (value instanceof LocalDate)
			return inCalendar(((LocalDate) value).getYear());
		if (value instanceof OffsetDateTime)
			return inCalendar(((OffsetDateTime) value).getYear());
		return !(value instanceof Double) || Double.isFinite((Double) value);
	}

	private static boolean inCalendar(int year) {
		return 1 <= year && year <= 9999;
	}

	/** Floating point depends on the order of rows in its last digits. */
	private static boolean sameSum(BigDecimal sum, BigDecimal total, String type) {
		BigDecimal difference = sum.subtract(total).abs();
		return type.equals("float8") ? difference.compareTo(total.abs().max(BigDecimal.ONE).multiply(TINY)) <= 0
									 : difference.signum() == 0;
	}

	private static void checkPrepared(Connection connection, String mode) throws SQLException {
		Set<String> results = new TreeSet<>();
		boolean onServer = false;
		String query = "SELECT * FROM shop.customers WHERE customer >= ? ORDER BY customer";
		try (PreparedStatement statement = connection.prepareStatement(query)) {
			statement.setInt(1, 10);
			for (int run = 1; run <= 8; run++) {
				results.add(rows(statement.executeQuery()).toString());
				onServer = statement.unwrap(PGStatement.class).isUseServerPrepare();
			}
		}
		ok(mode + ": the eighth run of a query is a prepared one", onServer);
		ok("... and its rows are those of the first", results.size() == 1 && !results.contains("[]"), results.size());
	}

	private static List<Object> rows(ResultSet result) throws SQLException {
		List<Object> values = new ArrayList<>();
		while (result.next())
			for (int i = 1; i <= result.getMetaData().getColumnCount(); i++)
				values.add(String.valueOf(result.getObject(i)));
		return values;
	}

	// --- Our types ---

	private static void checkSpecimens(Connection connection, String mode) throws SQLException {
		Set<String> missing = names(connection, "SELECT type FROM told.types_without_specimen");
		ok(mode + ": every type has a specimen", missing.isEmpty(), missing);
		for (List<String> specimen : tell(connection, "SELECT type, value FROM told.specimens ORDER BY number")) {
			String type = specimen.get(0), text = specimen.get(1);
			String title = mode + ": " + type + " " + text.substring(0, Math.min(60, text.length()));
			PGobject value = fetch(connection, type, text);
			ok(title + " is read as a PGobject", value.getType().equals(type) && text.equals(value.getValue()), value);
			ok("... and written back as one", equalsOnServer(connection, "?", value, type, text));
			ok("... and as text", equalsOnServer(connection, "?::" + type, text, type, text));
		}
	}

	private static PGobject fetch(Connection connection, String type, String text) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT ?::" + type)) {
			statement.setString(1, text);
			ResultSet result = statement.executeQuery();
			result.next();
			return (PGobject) result.getObject(1);
		}
	}

	private static boolean equalsOnServer(Connection connection, String parameter, Object value, String type,
			String text) throws SQLException {
		String query = "SELECT s.sent = v.value::" + type + ", pg_typeof(s.sent)::text FROM (SELECT " + parameter
				+ " AS sent) s, told.specimens v WHERE v.type = ? AND v.value = ?";
		return tell(connection, query, value, type, text).equals(List.of(List.of("t", type)));
	}

	/** As docs/bi.md shows it: promoters, passives and detractors. */
	public static class Nps extends PGobject {
		public long[] counts;

		@Override
		public void setValue(String value) throws SQLException {
			super.setValue(value);
			String[] parts = value.substring(1, value.length() - 1).split(",");
			counts = new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])};
		}
	}

	private static void checkRegistered(Connection connection) throws SQLException {
		connection.unwrap(PGConnection.class).addDataType("nps", Nps.class);
		PGobject value = fetch(connection, "nps", "(5,3,2)");
		ok("a registered type arrives parsed", value instanceof Nps && ((Nps) value).counts[0] == 5, value);
		ok("... and is written back", equalsOnServer(connection, "?", value, "nps", "(5,3,2)"));
	}

	// --- Errors ---

	private static void checkFailures(Connection connection) throws SQLException {
		for (List<String> failure : tell(connection, "SELECT statement, sqlstate, message, hint FROM told.failures")) {
			List<String> said = new ArrayList<>();
			try (Statement statement = connection.createStatement()) {
				statement.executeQuery(failure.get(0));
			} catch (PSQLException error) {
				ServerErrorMessage server = error.getServerErrorMessage();
				said.addAll(List.of(error.getSQLState(), server.getMessage(), String.valueOf(server.getHint())));
			}
			ok(failure.get(0) + ": " + failure.get(1) + " and its hint arrive",
					said.equals(failure.subList(1, 4)), said);
		}
	}
}
