package bitween.xmpp;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.UntrustedCertificate;
import bitween.model.UserException;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.sasl.SASLError;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/** Says in words why there is no connection. */
final class LoginFailure {
    private static final int MAX_CAUSES = 16;
    /** Of what a server says why, in characters: a sentence. */
    private static final int MAX_TEXT = 100;

    private final Config.Xmpp config;
    private final String server;
    private final Remedies remedies;

    private LoginFailure(Config.Xmpp config, String server, Remedies remedies) {
        this.config = config;
        this.server = server;
        this.remedies = remedies;
    }

    /** @return XMPP_AUTH, XMPP_CERTIFICATE, XMPP_UNREACHABLE, or XMPP_OFFLINE when another login replaced ours */
    static UserException explain(Exception failure, Config.Xmpp config, String server, Remedies remedies) {
        var explainer = new LoginFailure(config, server, remedies);
        UserException certificate = explainer.certificate(failure);
        return certificate != null ? certificate : explainer.other(failure);
    }

    /**
     * Whether trying again soon will hardly help, or even harm: a server may lock an account whose password is wrong too often. A certificate says nothing of how long:
     * a hotel's gate shows its own until one has paid, and the server is asked nothing before it shows the right one.
     */
    static boolean isLasting(UserException failure) {
        return switch (failure.code()) {
            case XMPP_AUTH, XMPP_OFFLINE, BAD_CONFIG, BAD_ARGUMENT, NOT_CONFIGURED -> true;
            default -> false;
        };
    }

    private @Nullable UserException certificate(Exception failure) {
        ServerTrust.Untrusted untrusted = causeOf(failure, ServerTrust.Untrusted.class);
        if (untrusted != null) {
            return new UntrustedCertificate(
                    "the certificate of " + server + " " + untrusted.why(),
                    remedies.untrusted(untrusted.sha256()),
                    untrusted.sha256(),
                    failure);
        }
        if (causeOf(failure, CertificateException.class) != null) {
            return new UserException(
                    ErrorCode.XMPP_CERTIFICATE,
                    "the certificate of " + server + " is for another name than "
                            + config.jid().domain(),
                    remedies.otherName(),
                    failure);
        }
        if (failure instanceof SmackException.SecurityRequiredException
                || failure instanceof SmackException.SecurityNotPossibleException) {
            return new UserException(
                    ErrorCode.XMPP_CERTIFICATE,
                    server + " offers no encryption, and bitween logs in over TLS only",
                    "tell the server's operator; if it used to work, somebody may be in between",
                    failure);
        }
        return null;
    }

    private UserException other(Exception failure) {
        if (failure instanceof SASLErrorException refused) {
            return refused(refused);
        }
        if (causeOf(failure, SmackException.SmackSaslException.class) != null) {
            return new UserException(
                    ErrorCode.XMPP_AUTH,
                    server + " offers no way to log in that bitween takes, which are SCRAM-SHA-1, and PLAIN over TLS",
                    "tell the server's operator",
                    failure);
        }
        if (failure instanceof XMPPException.StreamErrorException closed) {
            return closed(closed.getStreamError(), failure);
        }
        return new UserException(
                ErrorCode.XMPP_UNREACHABLE,
                "cannot reach the XMPP server " + server + ": " + reason(failure),
                remedies.unreachable(),
                failure);
    }

    private UserException refused(SASLErrorException failure) {
        SASLError error = failure.getSASLFailure().getSASLError();
        if (error == SASLError.temporary_auth_failure) {
            return new UserException(
                    ErrorCode.XMPP_UNREACHABLE,
                    server + " cannot check passwords just now",
                    remedies.unreachable(),
                    failure);
        }
        return new UserException(
                ErrorCode.XMPP_AUTH,
                server + " does not accept the password of " + config.jid()
                        + (error == SASLError.not_authorized
                                ? ""
                                : " (" + failure.getSASLFailure().getSASLErrorString() + ")"),
                remedies.refused(),
                failure);
    }

    private UserException closed(StreamError error, Exception failure) {
        String text = String.valueOf(error.getDescriptiveText());
        StreamError.Condition condition = error.getCondition();
        // ejabberd calls it a conflict, too, when an account is removed
        boolean removed = condition == StreamError.Condition.conflict && text.equals("User removed");
        return switch (removed ? StreamError.Condition.not_authorized : condition) {
            case conflict ->
                new UserException(
                        ErrorCode.XMPP_OFFLINE,
                        "another bitween logged in to " + config.jid() + " as this very device",
                        "run one daemon for each home, and do not copy a home; to be online here: stop the other, then"
                                + " bitween away and bitween back",
                        failure);
            case not_authorized ->
                new UserException(
                        ErrorCode.XMPP_AUTH,
                        server + " has ended the login of " + config.jid() + ": "
                                + text.substring(0, Math.min(text.length(), MAX_TEXT)),
                        "ask the server's operator whether the account is still there; for another account: bitween init --force",
                        failure);
            case host_unknown ->
                new UserException(
                        ErrorCode.XMPP_UNREACHABLE,
                        server + " does not serve " + config.jid().domain(),
                        remedies.otherDomain(),
                        failure);
            default ->
                new UserException(
                        ErrorCode.XMPP_UNREACHABLE,
                        server + " closed the connection: " + error.getCondition(),
                        remedies.unreachable(),
                        failure);
        };
    }

    private static String reason(Exception failure) {
        if (failure instanceof SmackException.EndpointConnectionException all) {
            return all.getConnectionExceptions().isEmpty()
                    ? "its name cannot be resolved"
                    : sentence(all.getConnectionExceptions().get(0).getException());
        }
        if (failure instanceof SmackException.NoResponseException) {
            return "it does not answer";
        }
        if (failure instanceof SmackException.NotConnectedException || failure instanceof XmlPullParserException) {
            return "the connection broke off";
        }
        if (failure instanceof SmackException.NoEndpointsDiscoveredException) {
            return "its name cannot be resolved";
        }
        SSLException tls = causeOf(failure, SSLException.class);
        IOException io = tls != null ? tls : causeOf(failure, IOException.class);
        return sentence(io != null ? io : failure);
    }

    private static String sentence(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** The outermost {@code type} among {@code failure} and its causes. */
    private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause instanceof SmackException.SmackCertificateException wrapped
                    ? wrapped.getCertificateException()
                    : cause.getCause();
        }
        return null;
    }
}
