#include "tests/unit/gateway/grpc/registry_fixture.h"

// The history of devices, and frozen serials, as queries show them.
namespace origo::gateway::test {
namespace {

using DevicesTest = RegistryTest;

TEST_F(DevicesTest, DevicesTellTheirHistoryPageByPageToThoseWhoOwnThem) {
  const DeviceId device(1);
  const auto change = [&](ChangeDevice wish) {
    wish.device = device;
    const auto id = static_cast<std::uint32_t>(must(wish, maker_));
    must(ApproveDeviceChange{.change = DeviceChangeId(id)}, body_);
  };
  for (int i = 1; i <= 24; ++i)
    change({.valid_from = Date(20'000 + i), .name = "Works " + std::to_string(i)});
  const auto waiting = must(
      ChangeDevice{.device = device, .valid_from = Date(20'100), .carriers = {"hydrogen"}}, maker_);

  v1::GetDeviceRequest one;
  one.set_device(device.value());
  v1::GetDeviceResponse shown;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetDevice, one, shown, maker_).ok());
  EXPECT_EQ(shown.device().name(), "Works 24");
  EXPECT_EQ(shown.device().waiting().change(), waiting);
  EXPECT_EQ(shown.device().waiting().details().carriers(0), "hydrogen");
  ASSERT_EQ(shown.history_size(), 20);
  EXPECT_EQ(shown.history(19).name(), "Works 24");
  EXPECT_EQ(shown.history(0).name(), "Works 5");

  v1::ListDeviceChangesRequest list;
  list.set_device(device.value());
  list.set_page_size(24);
  v1::ListDeviceChangesResponse first;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListDeviceChanges, list, first, maker_).ok());
  ASSERT_EQ(first.versions_size(), 24);
  EXPECT_EQ(first.versions(0).valid_from(), "");
  EXPECT_EQ(first.versions(0).change(), 0U);
  EXPECT_EQ(first.versions(1).valid_from(), to_string(Date(20'001)));
  EXPECT_EQ(first.versions(1).change(), 1U);
  EXPECT_NE(first.versions(1).asked_by(), first.versions(1).approved_by());
  EXPECT_GT(first.versions(1).approved_at(), 0U);
  list.set_page_token(first.next_page_token());
  v1::ListDeviceChangesResponse last;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListDeviceChanges, list, last, maker_).ok());
  ASSERT_EQ(last.versions_size(), 1);
  EXPECT_EQ(last.versions(0).name(), "Works 24");
  EXPECT_TRUE(last.next_page_token().empty());

  v1::ListDevicesRequest of_waiting;
  of_waiting.set_waiting(true);
  v1::ListDevicesResponse devices;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListDevices, of_waiting, devices, body_).ok());
  ASSERT_EQ(devices.devices_size(), 1);
  EXPECT_EQ(devices.devices(0).device(), device.value());

  const auto [stranger_id, stranger] =
      add_user(1, Role::market_operator, {.kind = ScopeKind::node, .id = 0});
  v1::ListDeviceChangesResponse none;
  list.clear_page_token();
  EXPECT_EQ(ask(&v1::Registry::Stub::ListDeviceChanges, list, none, stranger).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(DevicesTest, FrozenSerialsAreShownWithTheLotItsHoldersAndItsLife) {
  const LotId lot = issue(declare(DeviceId(1), "electricity", 10'000'000));
  must(FreezeCertificates{.lot = lot, .first = Serial(3), .units = Units(4), .reason = "doubt"},
       body_);
  must(
      FreezeCertificates{
          .lot = lot, .first = Serial(6), .units = Units(1), .frozen = false, .reason = "cleared"},
      body_);

  v1::GetLotRequest request;
  request.set_lot(lot.value());
  v1::GetLotResponse shown;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLot, request, shown, maker_).ok());
  EXPECT_EQ(shown.lot().held(), 10);
  EXPECT_EQ(shown.lot().frozen(), 3);
  ASSERT_EQ(shown.lot().frozen_ranges_size(), 1);
  EXPECT_EQ(shown.lot().frozen_ranges(0).first(), 3);

  v1::ListHoldingsRequest of;
  of.set_account(account_.value());
  v1::ListHoldingsResponse holdings;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListHoldings, of, holdings, maker_).ok());
  EXPECT_EQ(holdings.holdings(0).available(), 7);
  EXPECT_EQ(holdings.holdings(0).frozen(), 3);
  EXPECT_EQ(holdings.holdings(0).ranges_size(), 1);
  EXPECT_EQ(holdings.holdings(0).frozen_ranges(0).count(), 3);

  v1::ListLotEventsRequest life;
  life.set_lot(lot.value());
  v1::ListLotEventsResponse events;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListLotEvents, life, events, maker_).ok());
  ASSERT_EQ(events.events_size(), 6);
  EXPECT_EQ(events.events(2).kind(), v1::LOT_EVENT_KIND_HOLDING_FROZEN);
  EXPECT_EQ(events.events(2).account(), account_.value());
  EXPECT_EQ(events.events(2).range().first(), 3);
  EXPECT_EQ(events.events(3).kind(), v1::LOT_EVENT_KIND_FROZEN);
  EXPECT_EQ(events.events(3).units(), 4);
  EXPECT_EQ(events.events(3).note(), "doubt");
  EXPECT_EQ(events.events(4).kind(), v1::LOT_EVENT_KIND_HOLDING_RELEASED);
  EXPECT_EQ(events.events(5).kind(), v1::LOT_EVENT_KIND_RELEASED);
}

}  // namespace
}  // namespace origo::gateway::test
