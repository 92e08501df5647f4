/** What this broker knows of the cluster: the image all request threads read, and who makes the next one. */
package io.barnabas.broker.metadata;
