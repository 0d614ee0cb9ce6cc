#!/bin/bash
# jvm.sh: Java and other languages on its machine.
# Debian: openjdk-17-jdk-headless liblogback-java libslf4j-java
# liblog4j2-java scala clojure kotlin groovy maven ant.
. "${0%/*}/lib.sh"
export LIMIT=120

file java/Job.java <<'E'
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.logging.*;

public class Job {
	static final Logger log = Logger.getLogger("shop.Job");

	static class StoreException extends RuntimeException {
		StoreException(String m, Throwable c) { super(m, c); }
	}

	static int price(Map<String, Integer> m, String key) {
		return m.get(key);
	}

	static int deep(int n) { return deep(n + 1) + 1; }

	static void wrap(String what) {
		try {
			switch (what) {
			case "number": Integer.parseInt("n/a"); break;
			case "index": int[] v = new int[3]; v[v.length + 2] = 1; break;
			default: throw new IllegalStateException("no route to " + what);
			}
		} catch (RuntimeException e) {
			throw new StoreException("store 'north' failed", e);
		}
	}

	public static void main(String[] a) throws Exception {
		long pid = ProcessHandle.current().pid();
		for (int i = 0; i < 1 + new Random().nextInt(6); i++)
			log.info("page " + i + " of job " + UUID.randomUUID() + " (" + pid + ")");
		switch (a[0]) {
		case "null": price(new HashMap<>(), a[1]); break;
		case "null2": String s = null; s.length(); break;
		case "throw": throw new IllegalArgumentException("unknown tariff " + a[1]);
		case "wrap": wrap(a[1]); break;
		case "file": new FileInputStream(a[1]); break;
		case "nio": Files.readString(Path.of(a[1])); break;
		case "tmp": Files.readString(Files.createTempDirectory("job").resolve("x.csv")); break;
		case "refused": new Socket("127.0.0.1", Integer.parseInt(a[1])); break;
		case "dns": new Socket("db.internal.invalid", 5432); break;
		case "cast": Object o = a; Integer n = (Integer) o; break;
		case "obj": throw new IllegalStateException("lost " + new Object()); 
		case "lambda": Runnable r = () -> { throw new UnsupportedOperationException("no refund"); }; r.run(); break;
		case "pool":
			ExecutorService p = Executors.newFixedThreadPool(3);
			try { p.submit(() -> { wrap(a[1]); }).get(); } finally { p.shutdown(); }
			break;
		case "suppressed":
			Exception e = new IOException("export stopped");
			e.addSuppressed(new IOException("stream closed"));
			throw e;
		case "stack": deep(a.length); break;
		case "class": Class.forName("shop.Tariff"); break;
		case "severe":
			log.severe("mailbox '" + a[1] + "' is locked");
			System.exit(1); break;
		case "severe2":
			log.log(Level.SEVERE, "run failed", new IOException("disk '" + a[1] + "' is full"));
			System.exit(1); break;
		case "thread":
			Thread t = new Thread(() -> wrap(a[1]));
			t.start(); t.join(); System.exit(1); break;
		case "memory": List<byte[]> l = new ArrayList<>(); for (;;) l.add(new byte[1 << 20]); 
		}
	}
}
E
(cd java && javac -Xlint:none Job.java 2>/dev/null)
j() { failure "java-$1" "$2" -- java -Xmx64m -XX:TieredStopAtLevel=1 -cp java Job "${@:3}"; }
j null.price 'Cannot invoke "java.lang.Integer.intValue()" because the return value of "java.util.Map.get(Object)" is null' null a
j null.string 'Cannot invoke "String.length()" because "<local<*>>" is null' null2
j throw.b2 "unknown tariff B2" throw B2
j throw.c1 "unknown tariff C1" throw C1
j cause.number "store 'north' failed" wrap number
j cause.index "store 'north' failed" wrap index
j cause.a "store 'north' failed" wrap alpha
j cause.b "store 'north' failed" wrap beta
j file.enoent "/srv/app/in/x.csv (No such file or directory)" file /srv/app/in/x.csv
j file.isdir "/srv/app/java (Is a directory)" file /srv/app/java
j file.nio "/srv/app/in/x.csv" nio /srv/app/in/x.csv
j file.tmp "/tmp/job<*>/x.csv" tmp
j net.6971 "Connection refused" refused 6971
j net.dns "db.internal.invalid" dns
j cast "class [Ljava.lang.String; cannot be cast to class java.lang.Integer ([Ljava.lang.String; and java.lang.Integer are in module java.base of loader 'bootstrap')" cast
j object "lost java.lang.Object@<*>" obj
j lambda "no refund" lambda
j pool.a "Job\$StoreException: store 'north' failed" pool alpha
j pool.b "Job\$StoreException: store 'north' failed" pool beta
j suppressed "export stopped" suppressed
j stack "java.lang.StackOverflowError" stack
j class "shop.Tariff" class
j severe.sales "mailbox 'sales' is locked" severe sales
j severe.hr "mailbox 'hr' is locked" severe hr
j severe2.a "disk 'a' is full" severe2 a
j severe2.b "disk 'b' is full" severe2 b
j thread "store 'north' failed" thread gamma
j memory "Java heap space" memory
file java/pre.sh <<'E'
echo "[$(date '+%a %b %d %T.%N %Y')] [pid $$] starting" >&2
exec "$@"
E
failure java-start.class "Error: Could not find or load main class shop.Jobs" "Could not find or load main class shop.Jobs" -- bash java/pre.sh java shop.Jobs
failure java-start.jar "Error: Unable to access jarfile lib/shop.jar" "Unable to access jarfile lib/shop.jar" -- bash java/pre.sh java -jar lib/shop.jar
failure java-start.option "Invalid maximum heap size: -Xmxx" "Unrecognized option: -Xmxx" "Error: Could not create the Java Virtual Machine." "Could not create the Java Virtual Machine." -- bash java/pre.sh java -Xmxx Job

file java/Back.java <<'E'
import org.slf4j.*;
public class Back {
	public static void main(String[] a) {
		Logger log = LoggerFactory.getLogger("shop.mail.Sender");
		for (int i = 0; i < 1 + System.nanoTime() % 4; i++) log.info("sent {} of {}", i * 100, 900);
		try { Integer.parseInt(a[1]); }
		catch (RuntimeException e) {
			if (a[0].equals("trace")) log.error("queue '" + a[1] + "' stopped", e);
			else log.error("queue '{}' stopped: {}", a[1], e.getMessage());
		}
		System.exit(1);
	}
}
E
file java/logback.xml <<'E'
<configuration><appender name="E" class="ch.qos.logback.core.ConsoleAppender"><target>System.err</target><encoder><pattern>%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{36} - %msg%n</pattern></encoder></appender><root level="info"><appender-ref ref="E"/></root></configuration>
E
cp=java:/usr/share/java/slf4j-api.jar:/usr/share/java/logback-core.jar:/usr/share/java/logback-classic.jar
(cd java && javac -cp "/usr/share/java/slf4j-api.jar" Back.java)
failure java-logback.in "queue 'in' stopped: For input string: \"in\"" -- java -cp $cp Back line in
failure java-logback.out "queue 'out' stopped: For input string: \"out\"" -- java -cp $cp Back line out
failure java-logback.trace "For input string: \"in\"" -- java -cp $cp Back trace in

file scala/Job.scala <<'E'
object Job {
  def main(a: Array[String]): Unit = {
    System.err.println(s"${new java.util.Date} job ${java.lang.management.ManagementFactory.getRuntimeMXBean.getName}")
    a(0) match {
      case "key" => println(Map("a" -> 1)(a(1)))
      case "match" => Option(3) match { case Some(4) => () }
    }
  }
}
E
(cd scala && scalac Job.scala 2>/dev/null)
failure scala-key.price "key not found: price" -- scala -cp scala Job key price
failure scala-key.rate "key not found: rate" -- scala -cp scala Job key rate
failure scala-match "Some(3) (of class scala.Some)" -- scala -cp scala Job match

file clj/job.clj <<'E'
(binding [*out* *err*] (println (str (java.util.Date.)) "job" (.pid (java.lang.ProcessHandle/current))))
(case (first *command-line-args*)
  "info" (throw (ex-info (str "unknown tariff " (second *command-line-args*)) {:code 7}))
  "zero" (/ 1 0)
  "nil" (inc nil))
E
C='java -cp /usr/share/java/clojure.jar:/usr/share/java/core.specs.alpha.jar:/usr/share/java/spec.alpha.jar clojure.main clj/job.clj'

failure clojure-info.b2 "unknown tariff B2" "Execution error (ExceptionInfo) at user/eval<*> (job.clj:3)." -- $C info B2
failure clojure-info.c1 "unknown tariff C1" "Execution error (ExceptionInfo) at user/eval<*> (job.clj:3)." -- $C info C1
failure clojure-zero "Divide by zero" "Execution error (ArithmeticException) at user/eval<*> (job.clj:4)." -- $C zero

file gr/job.groovy <<'E'
System.err.println "${new Date()} job ${java.lang.management.ManagementFactory.runtimeMXBean.name}"
def price(o) { o.customer.name }
if (args[0] == 'prop') price([:])
if (args[0] == 'missing') shop.price()
if (args[0] == 'throw') throw new IllegalStateException("unknown tariff ${args[1]}")
E
failure groovy-prop "Cannot get property 'name' on null object" -- groovy gr/job.groovy prop
failure groovy-throw.b2 "unknown tariff B2" -- groovy gr/job.groovy throw B2
failure groovy-throw.c1 "unknown tariff C1" -- groovy gr/job.groovy throw C1

file mvn/Broken.java <<'E'
class Broken {
	int f() { return "x"; }
}
E
file mvn/Lost.java <<'E'
import shop.Tariff;
class Lost { }
E
failure javac.types "mvn/Broken.java:2: error: incompatible types: String cannot be converted to int" "incompatible types: String cannot be converted to int" -- 'date >&2; javac -d $(mktemp -d) mvn/Broken.java'
failure javac.import "mvn/Lost.java:1: error: package shop does not exist" "package shop does not exist" -- 'date >&2; javac -d $(mktemp -d) mvn/Lost.java'
file mvn/build.xml <<'E'
<project default="all"><target name="all"><copy file="/srv/app/in/x.jar" todir="/tmp"/></target><target name="fail"><fail message="no release key"/></target></project>
E
failure ant.copy "/srv/app/mvn/build.xml:1: Warning: Could not find file /srv/app/in/x.jar to copy." "Warning: Could not find file /srv/app/in/x.jar to copy." -- bash java/pre.sh ant -q -f mvn/build.xml
failure ant.fail "/srv/app/mvn/build.xml:1: no release key" "no release key" -- bash java/pre.sh ant -q -f mvn/build.xml fail
