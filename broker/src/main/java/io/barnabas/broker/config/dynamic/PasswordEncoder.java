// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passwords in dynamic broker configuration, stored encrypted with a key derived from {@code password.encoder.secret}
 * (KIP-226). The stored form is Kafka's: {@code name:value} pairs joined by commas, byte strings in Base64, so that a
 * Kafka broker with the same secret reads it and the other way round. Without a secret nothing can be stored.
 */
final class PasswordEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordEncoder.class);
    private static final String FIRST_CHOICE = "PBKDF2WithHmacSHA512";
    private static final String SECOND_CHOICE = "PBKDF2WithHmacSHA1";
    private static final int SALT_BYTES = 256;
    private static final String GCM = "AES/GCM/";

    private final List<Password> secrets;
    private final AbstractConfig values;
    private final RandomGenerator random;

    private PasswordEncoder(List<Password> secrets, AbstractConfig values, RandomGenerator random) {
        this.secrets = secrets;
        this.values = values;
        this.random = random;
    }

    /** @param random must be secure: salts and initialization vectors come from it */
    static PasswordEncoder of(BarnabasConfig config, RandomGenerator random) {
        List<Password> secrets = new ArrayList<>();
        Optional.ofNullable(config.values().getPassword("password.encoder.secret"))
                .ifPresent(secrets::add);
        Optional.ofNullable(config.values().getPassword("password.encoder.old.secret"))
                .ifPresent(secrets::add);
        return new PasswordEncoder(List.copyOf(secrets), config.values(), random);
    }

    /** Decrypts in place; what cannot be decrypted is taken out, with a line in the log. */
    void decodeAll(Map<String, String> stored) {
        for (String key : List.copyOf(stored.keySet())) {
            if (DynamicKeys.isStoredEncrypted(key)) {
                Optional<String> clear = decode(stored.get(key));
                clear.ifPresentOrElse(value -> stored.put(key, value), () -> {
                    LOG.error(
                            "Dynamic configuration of {} is ignored: it cannot be decrypted with"
                                    + " password.encoder.secret",
                            key);
                    stored.remove(key);
                });
            }
        }
    }

    /** A copy with passwords encrypted; fails with {@link ConfigException} where there is no secret to do it with. */
    Map<String, String> encodeAll(Map<String, String> clear) {
        Map<String, String> result = new HashMap<>(clear);
        result.replaceAll((key, value) -> DynamicKeys.isStoredEncrypted(key) ? encode(value) : value);
        return result;
    }

    private Optional<String> decode(String stored) {
        for (Password secret : secrets) {
            try {
                return Optional.of(decode(stored, secret));
            } catch (GeneralSecurityException | RuntimeException e) {
                LOG.debug("A stored password does not yield to one of the secrets: {}", e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static String decode(String stored, Password secret) throws GeneralSecurityException {
        Map<String, String> parts = new HashMap<>();
        for (String part : stored.split(",", -1)) {
            int colon = part.indexOf(':');
            parts.put(part.substring(0, colon), part.substring(colon + 1));
        }
        String algorithm = parts.get("cipherAlgorithm");
        Cipher cipher = Cipher.getInstance(algorithm);
        SecretKeySpec key = key(
                secret,
                SecretKeyFactory.getInstance(parts.get("keyFactoryAlgorithm")),
                algorithm,
                Integer.parseInt(parts.get("keyLength")),
                Integer.parseInt(parts.get("iterations")),
                bytes(parts.get("salt")));
        cipher.init(Cipher.DECRYPT_MODE, key, vector(parts));
        String clear = new String(cipher.doFinal(bytes(parts.get("encryptedPassword"))), StandardCharsets.UTF_8);
        if (clear.length() != Integer.parseInt(parts.get("passwordLength"))) {
            throw new GeneralSecurityException("the password does not have the length it was stored with");
        }
        return clear;
    }

    private String encode(String clear) {
        if (secrets.isEmpty() || values.getPassword("password.encoder.secret") == null) {
            throw new ConfigException("Password configs cannot be set dynamically unless password.encoder.secret is"
                    + " set in server.properties");
        }
        try {
            return encode(clear, secrets.get(0));
        } catch (GeneralSecurityException e) {
            throw new ConfigException("Password cannot be encrypted as password.encoder.* asks: " + e.getMessage());
        }
    }

    private String encode(String clear, Password secret) throws GeneralSecurityException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        String algorithm = values.getString("password.encoder.cipher.algorithm");
        int keyLength = values.getInt("password.encoder.key.length");
        int iterations = values.getInt("password.encoder.iterations");
        SecretKeyFactory factory = factory();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, key(secret, factory, algorithm, keyLength, iterations, salt));
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("keyFactoryAlgorithm", factory.getAlgorithm());
        parts.put("cipherAlgorithm", algorithm);
        parts.put("keyLength", Integer.toString(keyLength));
        parts.put("salt", text(salt));
        parts.put("iterations", Integer.toString(iterations));
        parts.put("encryptedPassword", text(cipher.doFinal(clear.getBytes(StandardCharsets.UTF_8))));
        parts.put("passwordLength", Integer.toString(clear.length()));
        parts.put("initializationVector", text(cipher.getIV()));
        if (algorithm.startsWith(GCM)) {
            int tagBits = cipher.getParameters()
                    .getParameterSpec(GCMParameterSpec.class)
                    .getTLen();
            parts.put("authenticationTagLength", Integer.toString(tagBits));
        }
        List<String> pairs = new ArrayList<>();
        parts.forEach((name, value) -> pairs.add(name + ":" + value));
        return String.join(",", pairs);
    }

    private SecretKeyFactory factory() throws NoSuchAlgorithmException {
        String asked = values.getString("password.encoder.keyfactory.algorithm");
        if (asked != null) {
            return SecretKeyFactory.getInstance(asked);
        }
        try {
            return SecretKeyFactory.getInstance(FIRST_CHOICE);
        } catch (NoSuchAlgorithmException e) {
            return SecretKeyFactory.getInstance(SECOND_CHOICE);
        }
    }

    private static SecretKeySpec key(
            Password secret, SecretKeyFactory factory, String cipher, int bits, int iterations, byte[] salt)
            throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(secret.value().toCharArray(), salt, iterations, bits);
        int slash = cipher.indexOf('/');
        return new SecretKeySpec(
                factory.generateSecret(spec).getEncoded(), slash > 0 ? cipher.substring(0, slash) : cipher);
    }

    private static AlgorithmParameterSpec vector(Map<String, String> parts) {
        byte[] vector = bytes(parts.get("initializationVector"));
        return parts.get("cipherAlgorithm").startsWith(GCM)
                ? new GCMParameterSpec(Integer.parseInt(parts.get("authenticationTagLength")), vector)
                : new IvParameterSpec(vector);
    }

    private static byte[] bytes(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
