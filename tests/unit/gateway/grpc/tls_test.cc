#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "tests/unit/gateway/grpc/grpc_fixture.h"

namespace origo::gateway {
namespace {

using test::Call;

// A new self-signed certificate for localhost.
void write_certificate(const TlsOptions& files) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const unsigned char host[] = "localhost";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* file = std::fopen(files.private_key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  file = std::fopen(files.certificate_chain_file.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

class TlsTest : public test::GrpcTest {
 protected:
  void SetUp() override {
    files_ = {.certificate_chain_file = folder_ / "certificate.pem",
              .private_key_file = folder_ / "key.pem"};
    write_certificate(files_);
  }
  grpc::Status ask_with(const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    const auto channel = grpc::CreateCustomChannel(address(), credentials, arguments);
    v1::WhoAmIResponse response;
    return v1::Accounts::NewStub(channel)->WhoAmI(Call(admin_), {}, &response);
  }
  TlsOptions files_;
};

TEST_F(TlsTest, ServesWithTheKeysGiven) {
  serve({.tls = files_});
  std::ifstream file(files_.certificate_chain_file);
  const std::string root{std::istreambuf_iterator<char>(file), {}};
  const auto status = ask_with(grpc::SslCredentials({.pem_root_certs = root}));
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(ask_with(grpc::SslCredentials({})).error_code(), grpc::StatusCode::UNAVAILABLE)
      << "a client that does not know the certificate";
  EXPECT_EQ(ask_with(grpc::InsecureChannelCredentials()).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, OtherAddressesMayBeServedWithIt) {
  serve({.address = "0.0.0.0", .tls = files_});
  std::ifstream file(files_.certificate_chain_file);
  const std::string root{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(ask_with(grpc::SslCredentials({.pem_root_certs = root})).ok());
}

TEST_F(TlsTest, KeysThatDoNotFitAreRefusedAtStart) {
  std::ofstream(files_.private_key_file) << "not a key\n";
  const auto started = GrpcServer::start({.tls = files_}, *access_);
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(started.status.message, testing::HasSubstr("keys"));
}

}  // namespace
}  // namespace origo::gateway
