package tollgate.ingest.format;

import java.util.HashMap;
import java.util.Map;

/**
 * Error numbers by the names that strace prints for them.
 *
 * <p>Sources: include/uapi/asm-generic/errno-base.h and errno.h (1 to 133, x86 uses them), include/linux/errno.h for
 * those that never leave the kernel but that a tracer sees (512 on).
 */
final class StraceErrno {
    /** In order from 1; a dash is a number without a name of its own. */
    private static final String FROM_ONE = "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD"
            + " EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR"
            + " EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS"
            + " EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP"
            + " - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI"
            + " EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR"
            + " ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM"
            + " EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD"
            + " ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE"
            + " EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE"
            + " EADDRNOTAVAIL ENETDOWN"
            + " ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT"
            + " ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM"
            + " EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD"
            + " ENOTRECOVERABLE ERFKILL EHWPOISON";

    private static final Map<String, Integer> NUMBERS = numbers();

    private StraceErrno() {}

    /** The number of a name ({@code ENOENT}, {@code ERRNO_513}), or 0. */
    static int number(String name) {
        if (name.startsWith("ERRNO_") && name.length() > 6 && name.length() < 11) {
            return name.substring(6).chars().allMatch(Character::isDigit) ? Integer.parseInt(name.substring(6)) : 0;
        }
        return NUMBERS.getOrDefault(name, 0);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        String[] names = FROM_ONE.split(" ");
        for (int i = 0; i < names.length; i++) {
            numbers.put(names[i], i + 1);
        }
        numbers.remove("-");
        numbers.put("EWOULDBLOCK", numbers.get("EAGAIN"));
        numbers.put("EDEADLOCK", numbers.get("EDEADLK"));
        numbers.put("ENOTSUP", numbers.get("EOPNOTSUPP"));
        numbers.put("ERESTARTSYS", 512);
        numbers.put("ERESTARTNOINTR", 513);
        numbers.put("ERESTARTNOHAND", 514);
        numbers.put("ENOIOCTLCMD", 515);
        numbers.put("ERESTART_RESTARTBLOCK", 516);
        numbers.put("ENOTSUPP", 524);
        return numbers;
    }
}
